"""Analysis of randomised trials with seizure-diary endpoints."""

from seizureflow.isolation import leave_host

# Before any module of the library loads a package, which might be the host's.
leave_host()
