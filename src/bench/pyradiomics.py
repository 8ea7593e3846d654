"""The same features by pyradiomics: seconds and values as JSON, for `coxa bench radiomics`."""

import json
import logging
import sys
import time

import radiomics
import SimpleITK
from radiomics.featureextractor import RadiomicsFeatureExtractor

logging.disable(logging.WARNING)
image, mask, runs = SimpleITK.ReadImage(sys.argv[1]), SimpleITK.ReadImage(sys.argv[2]), int(sys.argv[3])
extractor = RadiomicsFeatureExtractor(binWidth=25, additionalInfo=False)
seconds, features = float("inf"), {}
for _ in range(runs):
    start = time.perf_counter()
    features = extractor.execute(image, mask)
    seconds = min(seconds, time.perf_counter() - start)
values = {name: float(value) for name, value in features.items()}
print(json.dumps({"version": radiomics.__version__.lstrip("v"), "seconds": seconds, "features": values}))
