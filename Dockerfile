# The program alone: a static binary, root certificates, no shell, nobody's user. Time zones, pictures, styles and
# migrations are inside the binary.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) --build-arg COMMIT=$(git rev-parse HEAD) -t hlpfl .

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
ARG COMMIT=
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags nodynamic \
      -ldflags "-s -w -X main.version=$VERSION -X main.commit=$COMMIT" -o bin/hlpfl . \
 && scripts/image-root bin/hlpfl /image

FROM scratch
COPY --from=build /image /
USER 65532:65532
ENV DATA_DIR=/data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/hlpfl"]
CMD ["serve"]
