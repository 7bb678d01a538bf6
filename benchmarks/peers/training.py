"""A step of training, with the optimiser, the clipping and the average of the weights that lacuna has."""
import torch
from torch.nn.utils import clip_grad_norm_


class Training:
    """Trains a network.

    As in lacuna: Adam with its paper's settings, a warm-up of 200 steps, gradients clipped to a joint norm of 1, and
    an exponential average of the weights (decay 0.999, less at first).
    """

    def __init__(self, network, setting, learning_rate=1e-3, decay=0.999):
        self.setting = setting
        self.network = network.to(memory_format=setting.memory_format)
        self.parameters = list(self.network.parameters())
        self.average = [parameter.detach().clone() for parameter in self.parameters]
        self.decay = decay
        self.optimizer = torch.optim.Adam(self.parameters, lr=learning_rate, fused=setting.fused or None)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: min(1.0, (step + 1) / 200))
        self.loss = torch.compile(self.network.loss) if setting.compiled else self.network.loss
        self.step = 0

    def make(self, levels):
        """One step on these images, whole numbers `[images, channels, height, width]`; returns their mean loss."""
        levels = levels.float().contiguous(memory_format=self.setting.memory_format)
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.setting.precision == "bfloat16"):
            loss = self.loss(levels, torch.tensor(self.step))
        loss.backward()
        clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.step += 1
        decay = min(self.decay, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(self.average, self.parameters, 1 - decay)
        return loss.item()
