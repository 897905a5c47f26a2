import optuna
from omegaconf import OmegaConf

from train import train

config = OmegaConf.load("config.yaml")


def objective(trial):
    config.decay = trial.suggest_float("decay", 1e-5, 10**-1.5, log=True)
    return train(config)[0]


study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(1), storage="sqlite:///search.db",
                            study_name="decay", load_if_exists=True)
study.optimize(objective, n_trials=38 - len(study.trials), n_jobs=2)
config.decay = study.best_params["decay"]
finals = []
for config.seed in range(1, 6):
    finals.append(train(config)[1])
print(study.best_params, sum(finals) / len(finals))
