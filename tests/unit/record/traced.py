"""Networks of many makes, small, for the tests of what the Recorder sees of them."""

import math

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn
F = torch.nn.functional
K = 3


class Digits(nn.Module):
    """The network of PyTorch's example for MNIST, narrower."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 4, 3, 1), nn.Conv2d(4, 6, 3, 1)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(96, 8), nn.Linear(8, K)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = self.conv2(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = self.dropout2(x)
        return F.log_softmax(self.fc2(x), dim=1)


class Basic(nn.Module):
    """A block of a ResNet, in place."""

    def __init__(self, before, behind, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, behind, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(behind)
        self.conv2 = nn.Conv2d(behind, behind, 3, 1, 1, bias=False)
        self.bn2, self.relu = nn.BatchNorm2d(behind), nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or before != behind:
            shortcut = nn.Conv2d(before, behind, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(behind))

    def forward(self, x):
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)


class ResNet18(nn.Module):
    """Two blocks in each of four stages."""

    def __init__(self, width=4):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        before = width
        for i in range(4):
            behind = width * 2**i
            stage = nn.Sequential(
                Basic(before, behind, 1 if i == 0 else 2), Basic(behind, behind, 1)
            )
            setattr(self, f"layer{i + 1}", stage)
            before = behind
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(before, K)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class Encoder(nn.Module):
    """A transformer with a position for each token, and padding behind."""

    def __init__(self, batch_first, padded=False):
        super().__init__()
        self.embed, self.batch_first, self.padded = nn.Embedding(9, 8, 0), batch_first, padded
        self.positions = nn.Parameter(torch.randn(6, 8))
        layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=batch_first)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=batch_first)
        self.head = nn.Linear(8, K)

    def forward(self, tokens):
        x = self.embed(tokens) + self.positions
        if not self.batch_first:
            x = x.transpose(0, 1)
        x = self.encoder(x, src_key_padding_mask=tokens == 0 if self.padded else None)
        return self.head(x[:, 0] if self.batch_first else x[0])


class Recurrent(nn.Module):
    """Time comes first, as is an LSTM's default."""

    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(4, 5), nn.Linear(5, K)

    def forward(self, x):
        _, (hidden, _) = self.lstm(x.transpose(0, 1))
        return self.head(hidden[-1])


class PackedGRU(nn.Module):
    """Sequences of different lengths, packed and not sorted."""

    def __init__(self):
        super().__init__()
        self.embed, self.gru = nn.Embedding(9, 4, 0), nn.GRU(4, 5, batch_first=True)
        self.head = nn.Linear(5, K)

    def forward(self, tokens):
        lengths = (tokens != 0).sum(1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(
            self.embed(tokens), lengths, batch_first=True, enforce_sorted=False
        )
        _, hidden = self.gru(packed)
        return self.head(hidden[-1])


class Attention(nn.Module):
    """Written by hand, with a mask of what comes later and heads folded into the points."""

    def __init__(self, fold=False):
        super().__init__()
        self.qkv, self.out, self.head = nn.Linear(8, 24), nn.Linear(8, 8), nn.Linear(8, K)
        self.norm, self.fold = nn.LayerNorm(8), fold

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q, k, v = (one.view(n, t, 2, d // 2).transpose(1, 2) for one in (q, k, v))
        if self.fold:
            q, k, v = (one.reshape(n * 2, t, d // 2) for one in (q, k, v))
        scores = q @ k.transpose(-2, -1) / math.sqrt(d // 2)
        later = torch.triu(torch.ones(t, t, dtype=torch.bool), 1)
        weights = scores.masked_fill(later, float("-inf")).softmax(-1)
        mixed = (weights @ v).reshape(n, 2, t, d // 2).transpose(1, 2).reshape(n, t, d)
        return self.head(self.norm(x + self.out(mixed)).mean(1))


class Decides(nn.Module):
    """What it does depends on values, and how often on a number."""

    def __init__(self):
        super().__init__()
        self.first, self.again, self.head = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, K)
        self.limit = 1e9

    def forward(self, x):
        x = self.first(x)
        if x.abs().max() < self.limit:
            x = torch.tanh(x)
        times = 0
        while times < 2:
            x = self.again(x).relu()
            times += 1
        return self.head(x)


class Trunk(nn.Module):
    """An autoencoder of which the code is classified."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(12, 6), nn.ReLU(), nn.Linear(6, 2))
        self.decoder = nn.Sequential(nn.Linear(2, 6), nn.ReLU(), nn.Linear(6, 12))
        self.head = nn.Linear(14, K)

    def forward(self, x):
        code = self.encoder(x)
        return self.head(torch.cat([code, x - self.decoder(code)], dim=1))


class Sides(nn.Module):
    """A point's value goes two ways that meet: skip, product and two inputs cut out of one."""

    def __init__(self):
        super().__init__()
        self.left, self.right, self.head = nn.Linear(3, 5), nn.Linear(2, 5), nn.Linear(10, K)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        left, right = self.left(x[:, :3]), self.right(x[:, 3:])
        dropped = self.drop(left)
        return self.head(torch.cat((dropped * torch.sigmoid(right), left + right), 1))


class UNet(nn.Module):
    """Down, up and across; each pixel a class, averaged to those of the image."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2 = _double(1, 4), _double(4, 8)
        self.up, self.join = nn.ConvTranspose2d(8, 4, 2, 2), _double(8, 4)
        self.out = nn.Conv2d(4, K, 1)

    def pixels(self, x):
        across = self.down1(x)
        below = self.down2(F.max_pool2d(across, 2))
        return self.out(self.join(torch.cat([self.up(below), across], dim=1)))

    def forward(self, x):
        return self.pixels(x).mean((2, 3))


def _double(before, behind):
    conv = nn.Conv2d(before, behind, 3, padding=1)
    return nn.Sequential(conv, nn.ReLU(inplace=True))


class Logits(nn.Module):
    """What a library's model says of its classes."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, tokens):
        return self.model(tokens, attention_mask=(tokens != 0).long()).logits


def bert():
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        vocab_size=9,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=K,
        max_position_embeddings=8,
    )
    return Logits(transformers.BertForSequenceClassification(config))


def gpt2():
    transformers = pytest.importorskip("transformers")
    config = transformers.GPT2Config(
        vocab_size=9, n_embd=8, n_layer=2, n_head=2, n_positions=8, num_labels=K, pad_token_id=0
    )
    return Logits(transformers.GPT2ForSequenceClassification(config))
