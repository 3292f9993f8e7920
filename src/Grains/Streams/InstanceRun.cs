using Orleans.Runtime;

namespace Kappa.Grains.Streams;

/// <summary>What one instance gets of a stretch of one partition, and by which stream.</summary>
internal readonly record struct InstanceRun(StreamId Stream, EventRun Events);
