// Reads capture files with avsc, which is not ours, and writes each event as one line of JSON.
import avro from 'avsc';

// Numbers of 64 bits (append times, sequences) must not lose their last digits in JavaScript's numbers.
const long = avro.types.LongType.__with({
  fromBuffer: buffer => buffer.readBigInt64LE(),
  toBuffer: number => { const buffer = Buffer.alloc(8); buffer.writeBigInt64LE(BigInt(number)); return buffer; },
  fromJSON: BigInt, toJSON: String, isValid: number => typeof number === 'bigint', compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
});

const plain = value => value === null ? null
  : Buffer.isBuffer(value) ? { bytes: value.toString('base64') }
  : typeof value === 'bigint' ? value.toString()
  : typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
  : value;

for (const path of process.argv.slice(2))
  await new Promise((resolve, reject) => avro.createFileDecoder(path, { parseHook: schema => avro.Type.forSchema(schema, { registry: { long }, wrapUnions: false }) })
    .on('data', event => console.log(JSON.stringify(plain(event))))
    .on('end', resolve)
    .on('error', reject));
