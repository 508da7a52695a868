"""The report as files, in Word and PDF, and who got which of them when."""
