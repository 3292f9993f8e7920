using System.Text;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Streams;

namespace Kappa.Grains.Instances;

/// <summary>
/// From an instance's stream to its grain. A stream belongs to one instance of one build and to one partition (two partitions in one stream would
/// mix their sequence tokens); its namespace is the build's name, its key <c>&lt;key&gt;.&lt;partition&gt;</c>. All streams of an instance lead to the one grain.
/// </summary>
internal sealed class InstanceStreamMapper : IStreamIdMapper
{
    public const string Name = "kappa-instance";

    /// <summary>The stream of an instance and a partition.</summary>
    public static StreamId StreamOf(string build, string keyText, int partition) => StreamId.Create(build, $"{keyText}.{partition}");

    public IdSpan GetGrainKeyId(GrainBindings grainBindings, StreamId streamId)
    {
        var build = streamId.Namespace.Span;
        var key = streamId.Key.Span;
        var number = build[(build.LastIndexOf((byte)'-') + 1)..];
        return IdSpan.Create(Encoding.ASCII.GetString(number) + "." + Encoding.ASCII.GetString(key[..key.LastIndexOf((byte)'.')]));
    }
}
