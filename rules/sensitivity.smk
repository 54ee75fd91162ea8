# Sensitivity: the analyses that ask how far the answer depends on the choices made.
#
# takes  results/<study>/adam/*.parquet
# gives  results/<study>/sensitivity/<method>/<analysis>.parquet


use rule analyse_endpoint as analyse_sensitivity with:
    output:
        results=f"{RESULTS}/{{study}}/sensitivity/{{method}}/{{analysis}}.parquet",
