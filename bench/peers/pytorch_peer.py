import torch
from protocol import batches, serve, settings
from transformers import T5ForConditionalGeneration

config = settings()
torch.set_num_threads(config["threads"])
model = T5ForConditionalGeneration.from_pretrained(config["model"], dtype=torch.float32).eval()


def generate(documents):
    outputs = [None] * len(documents)
    with torch.inference_mode():
        for places in batches(documents, config["batch"]):
            rows = [documents[i] for i in places]
            width = len(rows[0])
            ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
            mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
            result = model.generate(
                input_ids=ids,
                attention_mask=mask,
                num_beams=config["beams"],
                do_sample=False,
                min_new_tokens=config["leastTokens"],
                max_new_tokens=config["newTokens"],
            )
            for place, row in zip(places, result.tolist()):
                outputs[place] = row[1:]
    return lambda: outputs


serve(lambda documents: documents, generate)
