using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kappa.Views;

namespace Kappa.Engine.Builds;

/// <summary>Stands for a view version whose code is gone: name, lookups and ranks as its build has them, and no folds. Its records are served as they are.</summary>
internal sealed class StoredView : View<StoredState>
{
    public StoredView(BuildInfo build) : base(build.View, build.Version)
    {
        foreach (var lookup in build.Lookups)
            Lookup(lookup, _ => null, build.Prefixes.Contains(lookup));
        foreach (var rank in build.Ranks)
            Rank(rank, _ => null);
    }
}

/// <summary>A state of which only the stored JSON is known; it is never read into memory, nor folded.</summary>
internal sealed class StoredState : IViewState<StoredState>
{
    public static JsonTypeInfo<StoredState> Json => StoredStateJson.Default.StoredState;

    public static StoredState Start(string key) => new();
}

[JsonSerializable(typeof(StoredState))]
internal sealed partial class StoredStateJson : JsonSerializerContext;
