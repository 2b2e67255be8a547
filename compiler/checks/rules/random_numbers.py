"""WFC102: random numbers."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule
from wfc.compiler.checks.wordsets import words

DRAWS = sorted(
    words(
        "betavariate choice choices expovariate gammavariate gauss getrandbits lognormvariate "
        "normalvariate paretovariate randbytes randint random randrange sample shuffle triangular "
        "uniform vonmisesvariate weibullvariate"
    )
)


class RandomNumbers(NameRule):
    code = "WFC102"
    name = "random"
    summary = "A workflow draws random numbers."
    why = (
        "A replay draws other numbers than the first run did, so it may take another branch or "
        "call a step with other arguments than those that were recorded. A generator with a "
        "constant seed that the workflow makes for itself, random.Random(7), draws the same "
        "numbers each time and is fine; the module's own generator is shared with everything in "
        "the process."
    )
    bad = "@workflow\ndef assign(agents: list[str]) -> str:\n    return random.choice(agents)"
    good = (
        "@step\n"
        "def choose(agents: list[str]) -> str:\n"
        "    return random.choice(agents)\n\n"
        "@workflow\n"
        "def assign(agents: list[str]) -> str:\n"
        "    return choose(agents)"
    )
    says = "draws a random number"
    need = "random"
    at_import = True
    logged_is_fine = True
    moving = "a number without variables in it moves into a step of its own"
    fixing = " What the secrets module makes is no workflow's to know and has no fix."
    calls = (
        " ".join(f"random.{draw}" for draw in DRAWS)
        + """
        random.binomialvariate random.seed random.setstate random.getstate random.SystemRandom
        _random.Random os.urandom os.getrandom posix.urandom
        ssl.RAND_bytes crypt.mksalt bcrypt.gensalt nacl.utils.random
        Crypto.Random.get_random_bytes Cryptodome.Random.get_random_bytes
        cryptography.fernet.Fernet.generate_key cryptography.fernet.Fernet.encrypt
        argon2.PasswordHasher.hash werkzeug.security.generate_password_hash
        django.utils.crypto.get_random_string pyotp.random_base32 pyotp.random_hex
        torch.rand torch.randn torch.randint torch.randperm torch.normal torch.bernoulli
        torch.multinomial torch.rand_like torch.randn_like torch.randint_like
        faker.Faker nanoid.generate nanoid.non_secure_generate tempfile.mktemp
        """
    )
    calls_below = {
        "random.Random": 1,
        "_random.Random": 1,
        "numpy.random.default_rng": 1,
        "numpy.random.RandomState": 1,
        "numpy.random.SeedSequence": 1,
        "numpy.random.PCG64": 1,
        "numpy.random.Philox": 1,
        "statistics.NormalDist.samples": 2,
    }
    modules = "secrets numpy.random tensorflow.random"
    pure = """
        secrets.compare_digest numpy.random.Generator numpy.random.Generator.*
        numpy.random.RandomState.* numpy.random.PCG64.* numpy.random.Philox.*
        tensorflow.random.Generator.from_seed tensorflow.random.stateless_uniform
        tensorflow.random.stateless_normal
    """

    VALID = (
        "import random\nfrom wfc import workflow\n\n@workflow\ndef f(items: list[str]) -> str:\n"
        "    return random.Random(7).choice(items)\n",
    )
    INVALID = (
        "import random\nfrom wfc import workflow\n\n@workflow\ndef f() -> int:\n"
        "    generator = random.Random()  # WFC102\n"
        "    return generator.randint(1, 6) + random.randint(1, 6)  # WFC102\n",
        "from secrets import token_hex\nfrom wfc import workflow\n\n@workflow\ndef f() -> str:\n"
        "    return token_hex(8)  # WFC102\n",
        "import numpy as np\nfrom wfc import workflow\n\n@workflow\ndef f() -> float:\n"
        "    return np.random.normal() + np.random.default_rng().normal()  # WFC102\n",
    )
    FIXED = (
        "import random\nfrom wfc import step, workflow\n\n@step\ndef random_number() -> int:\n"
        "    return random.randint(1, 6)\n\n\n"
        "@workflow\n"
        "def f() -> int:\n"
        "    generator = random.Random()  # WFC102\n"
        "    return generator.randint(1, 6) + random_number()  # WFC102\n",
    )
