"""Which versions are at work."""

import ctypes
import importlib.metadata
import os
import platform

import numpy as np


def python():
    return [f"Python {platform.python_version()}", f"NumPy {np.__version__}"] + blas()


def version(module, package):
    """A module's version, from itself or from the package that it was installed with."""
    if hasattr(module, "__version__"):
        return module.__version__
    try:
        package = importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"
    # A module that shadows an installed one is not of that one's version.
    same = os.path.dirname(os.path.abspath(module.__file__)) == os.path.abspath(package.locate_file(""))
    return package.version if same else "of unknown version"


def blas():
    """The OpenBLAS libraries that this process has loaded, each with its build and the kernels that it chose."""
    found = []
    for path in sorted({os.path.realpath(path) for path in loaded() if "openblas" in os.path.basename(path)}):
        try:
            library = ctypes.CDLL(path)
            config, core = library.openblas_get_config, library.openblas_get_corename
        except (OSError, AttributeError):
            continue
        config.restype = core.restype = ctypes.c_char_p
        found.append(f"{config().decode().strip()} (kernels: {core().decode()})")
    return found


def loaded():
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            return {line.split(maxsplit=5)[5].strip() for line in maps if "/" in line}
    except OSError:
        return set()
