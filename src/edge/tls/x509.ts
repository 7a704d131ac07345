// The certificate library, which needs the metadata API to be there before it loads.
import "reflect-metadata";

export * from "@peculiar/x509";
