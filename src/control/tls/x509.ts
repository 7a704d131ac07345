// The certificate library, which needs the metadata API to exist before it loads.
import "reflect-metadata";

export * from "@peculiar/x509";
