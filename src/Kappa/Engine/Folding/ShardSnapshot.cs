using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Log;

namespace Kappa.Engine.Folding;

/// <summary>A shard at one committed watermark: what an audit compares with the log. Cleaning rests until it is released.</summary>
internal sealed record ShardSnapshot(Cut Watermark, IReadOnlyList<(string Key, CommittedInstance Committed)> Instances,
    IReadOnlyList<UnroutableRecord> Unroutable);
