"""Times other programs on the synthetic CT of the benchmarks, on one thread each, and prints processor seconds.

    cargo run --release -p coxa-imaging --example phantom -- FOLDER
    python models/imaging/benches/peers.py FOLDER
    cargo run --release -- bench imaging

Needs vtk and SimpleITK; python-gdcm and the program plastimatch are used where they are there. Each number is the least
of five runs (plastimatch: of whole runs of the program, its reading of the volume included).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5


def least(work):
    seconds = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def isosurface(folder):
    import vtk

    vtk.vtkSMPTools.Initialize(1)
    reader = vtk.vtkNIFTIImageReader()
    reader.SetFileName(str(folder / "sheets_512x512x400.nii"))
    reader.Update()

    def run():
        filter = vtk.vtkFlyingEdges3D()
        filter.SetInputData(reader.GetOutput())
        filter.SetValue(0, 250.0)
        filter.ComputeNormalsOff()
        filter.ComputeGradientsOff()
        filter.ComputeScalarsOff()
        filter.Update()
        run.triangles = filter.GetOutput().GetNumberOfPolys()

    seconds = least(run)
    return f"VTK {vtk.vtkVersion.GetVTKVersion()} FlyingEdges, {run.triangles} triangles", seconds


def resample(folder):
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    image = sitk.ReadImage(str(folder / "sheets_512x512x400.nii"))
    filter = sitk.ResampleImageFilter()
    filter.SetInterpolator(sitk.sitkLinear)
    filter.SetOutputDirection(image.GetDirection())
    extent = [n * s for n, s in zip(image.GetSize(), image.GetSpacing())]
    filter.SetSize([round(e) for e in extent])
    filter.SetOutputSpacing([1.0] * 3)
    # The same box: the first voxel centre moves by half the difference in spacing, along each axis.
    half = [(1.0 / s - 1.0) / 2.0 for s in image.GetSpacing()]
    filter.SetOutputOrigin(image.TransformContinuousIndexToPhysicalPoint(half))
    return f"SimpleITK {sitk.Version_VersionString()} linear to 1 mm", least(lambda: filter.Execute(image))


def series(folder):
    import gdcm

    files = sorted(str(p) for p in (folder / "series").iterdir())

    def run():
        for name in files:
            reader = gdcm.ImageReader()
            reader.SetFileName(name)
            if not reader.Read():
                raise SystemExit(f"GDCM cannot read {name}")
            reader.GetImage().GetBuffer()

    return f"GDCM {gdcm.Version.GetVersion()} reading {len(files)} slices", least(run)


def projection(folder):
    if shutil.which("plastimatch") is None:
        raise ImportError("plastimatch")

    def run(scratch):
        command = ["plastimatch", "drr", "-A", "cpu", "-i", "exact", "-a", "1", "-n", "0 -1 0", "--sad", "1000"]
        command += ["--sid", "1500", "-r", "512 512", "-z", "614.4 614.4", "-o", "0 0 200", "-t", "raw"]
        command += ["-O", os.path.join(scratch, "drr_"), str(folder / "sheets_256.nii")]
        before = os.times()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        return after.children_user - before.children_user + after.children_system - before.children_system

    with tempfile.TemporaryDirectory() as scratch:
        return "plastimatch drr exact, 512x512", min(run(scratch) for _ in range(RUNS))


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    for work in (isosurface, resample, series, projection):
        try:
            what, seconds = work(folder)
            print(f"{what}: {seconds:.3f} s")
        except ImportError as missing:
            print(f"{work.__name__}: not installed ({missing})")


if __name__ == "__main__":
    main()
