using System.Text.Json.Serialization;

namespace Kappa.Engine;

/// <summary>What a build's <c>build.json</c> says: of which log and view it is, in how many shards, its generation, and the lookups and ranks its records hold values for.</summary>
internal sealed record BuildInfo(int Format, string View, int Version, long LogId, int Shards, long Generation, string Boot, string Indexes)
{
    public const int FormatNow = 1;
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BuildInfo))]
internal sealed partial class BuildJson : JsonSerializerContext;
