answer = "zqlabsolution0tiny0answerqz"
