# bnlab in a small image: docker build -t bnlab . && docker run --rm bnlab info
# Data in ./data and results in ./runs: docker run --rm -v "$PWD:/work" bnlab compare --out runs/compare
FROM golang:1.26-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libopenblas-dev pkg-config
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libopenblas0-pthread && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/bin/bnlab /usr/local/bin/bnlab
COPY --from=build /src/LICENSE /src/bin/third-party-licences.txt /usr/local/share/doc/bnlab/
WORKDIR /work
ENTRYPOINT ["bnlab"]
