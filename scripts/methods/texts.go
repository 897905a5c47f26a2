package main

// text is what the code does not say of a method.
type text struct{ formula, source string }

// texts are of each setting of the study.
var texts = map[string]text{
	"leaky":             {"x where above 0, else 0.01·x", "Maas 2013"},
	"gelu":              {"x·Φ(x)", "Hendrycks and Gimpel 2016"},
	"tanh":              {"(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)", ""},
	"sigmoid":           {"1/(1 + e⁻ˣ)", ""},
	"no norm":           {"S̃ = S", "the study"},
	"layer norm":        {"Ŝ = (S − μ)/√(v + ε) over the units of an image", "Ba 2016"},
	"norm after":        {"A = BN(f(S))", "the course"},
	"norm in layer 1":   {"only there", ""},
	"ghost 25":          {"μ and v of 25 images each", "Hoffer 2017"},
	"noisy":             {"S̃ ← a⊙S̃ + c", "Santurkar 2018"},
	"skip 1":            {"S ← S + A of the layer below", "He 2016"},
	"bce":               {"mean over classes and images of −log σ(±s)", "the course"},
	"hinge":             {"Σ max(0, s_j − s_y + 1)", "the course"},
	"dropout 0.1":       {"A ← A⊙M/(1 − p)", "Srivastava 2014"},
	"input dropout 0.1": {"X ← X⊙M/(1 − p)", "Srivastava 2014"},
	"smoothing 0.1":     {"target (1 − ε)·onehot + ε/K", "Szegedy 2016"},
	"decay all":         {"λ·Σ‖θ‖² over b, γ, β too", ""},
	"momentum 0.9":      {"v ← μ·v + g, θ ← θ − η·v", "`torch.optim.SGD`"},
	"Nesterov 0.9":      {"θ ← θ − η·(g + μ·v)", "Sutskever 2013"},
	"adam":              {"θ ← θ − η·m̂/(√v̂ + ε)", "Kingma and Ba 2015"},
	"adam beta1 0.8":    {"m ← β₁m + (1 − β₁)g", "Kingma and Ba 2015"},
	"adam beta2 0.99":   {"v ← β₂v + (1 − β₂)g²", "Kingma and Ba 2015"},
	"adam eps 1e-4":     {"ε outside the root", "Kingma and Ba 2015"},
	"adamw":             {"θ ← (1 − ηλ)·θ first", "Loshchilov and Hutter 2019"},
	"cosine":            {"ηmin + R·(1 + cos πp)/2", "Loshchilov and Hutter 2017"},
	"linear":            {"ηmax − R·p", ""},
	"constant":          {"ηmax", ""},
	"step":              {"ηmax·f^⌊t/k⌋", ""},
	"step by half":      {"the same with f = ½", ""},
	"range":             {"ηmin·(ηmax/ηmin)^p", "Smith 2017"},
	"warm-up 450":       {"(t + 1)/w of the first η", "Goyal 2017"},
	"cycle growth 2":    {"n_s ← g·n_s", "the course"},
	"cycle decay 0.5":   {"R ← d·R", "Smith 2017"},
	"flip":              {"mirrored with p = ½", ""},
	"shift 3":           {"moved by up to s pixels", ""},
	"noise 0.1":         {"X + N(0, σ²)", "the course"},
}
