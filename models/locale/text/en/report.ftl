# The report, in English.
