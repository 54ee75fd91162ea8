# Time R's mmrm on the trials that benchmark.py wrote. Called by it where R and mmrm are installed:
#   Rscript time_mmrm.R trial.csv "formula" repeats
# Prints the median processor seconds of Satterthwaite and of Kenward-Roger fits.
suppressPackageStartupMessages(library(mmrm))
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1], stringsAsFactors = TRUE)
data$subject <- factor(data$subject)
data$visit <- factor(data$visit)
data$arm <- relevel(data$arm, ref = "placebo")
formula <- as.formula(arguments[2])
repeats <- as.integer(arguments[3])
for (method in c("Satterthwaite", "Kenward-Roger")) {
  seconds <- replicate(repeats, sum(system.time(mmrm(formula, data, method = method))[1:2]))
  cat(median(seconds), "\n")
}
