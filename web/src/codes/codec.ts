/** Making and reading QR codes; a chunk of its own, since few screens need it. */
export { modulesOf } from './make';
export { readCode } from './read';
