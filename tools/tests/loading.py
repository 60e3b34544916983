"""Loads the tools, whose files have no suffix, as modules."""

import importlib.util
import pathlib
import sys
from importlib.machinery import SourceFileLoader

TOOLS = pathlib.Path(__file__).resolve().parents[1]


def tool(name):
    """The module of tools/<name>."""
    sys.dont_write_bytecode = True
    loader = SourceFileLoader(f"tool_{name.replace('-', '_')}", str(TOOLS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module
