using StableHash = Kappa.Log.StableHash;
using System.Globalization;
using System.Text;
using Kappa.Grains.Builds;

namespace Kappa.Grains.Indexes;

/// <summary>Which shard of a build's index a key belongs to. Their number is fixed for a cluster: a build has no other way to find its keys.</summary>
internal sealed class IndexShards(GrainsOptions options)
{
    public int Count => options.IndexShards;

    public string GrainKeyOf(BuildName build, string key) => GrainKey(build, (int)(StableHash.Of(Encoding.UTF8.GetBytes(key), 3) % (ulong)Count));

    public static string GrainKey(BuildName build, int shard) => string.Create(CultureInfo.InvariantCulture, $"{build}/{shard}");
}
