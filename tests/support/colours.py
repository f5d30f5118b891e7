"""Colours as they are seen: how light they are, how far apart, and how people take them who see colours otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float64]
"""Red, green and blue in light, from 0 to 1."""

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes: A Physiologically-based Model for Simulation of Color Vision
# Deficiency. IEEE Transactions on Visualization and Computer Graphics 15(6), 2009, 1291-1298. The matrices for severity
# 1.0, for light and not for the numbers of a screen.
SEEN_BY = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

# IEC 61966-2-1 (sRGB): from red, green and blue to CIE XYZ under D65.
_TO_XYZ = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))


def light(colour: str) -> Colour:
    """The light of a colour such as #12407F."""
    coded = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def seen(colour: Colour, by: str) -> Colour:
    """What a person who sees like this takes it for."""
    return np.clip(np.array(SEEN_BY[by]) @ colour, 0, 1)


def luminance(colour: Colour) -> float:
    return float((_TO_XYZ @ colour)[1])


def contrast(one: Colour, other: Colour) -> float:
    """Contrast of text, by WCAG 2.2: from 1, for the same, to 21."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def lab(colour: Colour) -> Colour:
    """CIE L*a*b* (CIE 015): lightness from 0 to 100, and two hues."""
    ratio = (_TO_XYZ @ colour) / (_TO_XYZ @ np.ones(3))
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array((116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])))


def apart(one: Colour, other: Colour) -> float:
    """How far two colours are from each other: CIE 1976, in which 2.3 can just be seen."""
    return float(np.linalg.norm(lab(one) - lab(other)))
