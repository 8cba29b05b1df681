from labs.runner.judge.authoring import Read

PROBES = [Read(name="The answer", points=1, variable="answer", reference=2, message="answer is 1 + 1, a number.")]
