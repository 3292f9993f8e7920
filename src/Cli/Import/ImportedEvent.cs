namespace Kappa.Cli.Import;

/// <summary>One event on its way into a log: a CloudEvent as JSON, and its partition key.</summary>
internal readonly record struct ImportedEvent(ReadOnlyMemory<byte> Json, string PartitionKey);
