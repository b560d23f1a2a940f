"""The methods of relevance by name. A new one is its function and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from training.explain.cams import grad_cam, grad_cam_plus_plus
from training.explain.gradients import gradient_times_input, integrated_gradients, smoothgrad
from training.explain.occlusion import occlusion
from training.explain.subject import Subject, Traced

LEAD = "integrated gradients"  # it accounts for the whole output
Method = Callable[[Subject], Traced]
ON_TAPS = {"Grad-CAM": grad_cam, "Grad-CAM++": grad_cam_plus_plus}  # they take a tap besides
METHODS: Mapping[str, Method] = {
    LEAD: integrated_gradients,
    "gradient × input": gradient_times_input,
    "SmoothGrad": smoothgrad,
    **ON_TAPS,
    "occlusion": occlusion,
}
