using Kappa.Log;

namespace Kappa.Engine.Diffing;

/// <summary>What a diff asks of a build, on whichever engine.</summary>
internal interface IBuildSide
{
    int Version { get; }

    /// <summary>True for one that folds no more, and cannot be folded again either: each key stands where it stands.</summary>
    bool IsFrozen { get; }

    /// <summary>Up to where every instance has all its events.</summary>
    Cut Watermark { get; }

    /// <summary>Up to where an instance has all its events.</summary>
    Cut WatermarkOf(string key);

    /// <summary>All keys that ever had an event, in any order.</summary>
    IEnumerable<string> KeysEver { get; }

    /// <summary>The state of an instance as of a cut, as it is served; empty if it has none there.</summary>
    ValueTask<ReadOnlyMemory<byte>> StateAtAsync(string key, Cut cut, CancellationToken cancellationToken);
}
