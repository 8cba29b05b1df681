from labs.runner.judge.authoring import NearMiss, Read

PROBES = [
    Read(
        name="The answer",
        points=1,
        variable="answer",
        reference="zqlabjudge0tiny0referenceqz",
        message="answer is zqlabmessage0tiny0messageqz.",
        tolerance=1e-3,
        near_misses=[NearMiss("You wrote zqlabjudge0tiny0missqz.", "zqlabjudge0tiny0wrongqz")],
    )
]
