# bnlab in a small image: docker build -t bnlab . && docker run --rm bnlab info
FROM golang:1.26-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libopenblas-dev pkg-config
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libopenblas0-pthread && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/bin/bnlab /usr/local/bin/bnlab
# The data set: docker run -v /path/to/cifar-10-batches-bin:/data:ro …
ENV CIFAR10_DIR=/data
ENTRYPOINT ["bnlab"]
