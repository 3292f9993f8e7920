using Kappa.Views;

namespace Kappa.Engine.Builds;

/// <summary>What stands on disk of a view's builds, without what is of no use any more, and in which order they may serve.</summary>
internal sealed record StoredBuilds(ServingPointer? Pointer, IReadOnlyList<BuildDirectory> All, IReadOnlyList<BuildDirectory> Candidates, int Last)
{
    /// <summary>Reads the pointer and the builds; deletes builds that were discarded, and those whose records hold values for other lookups and ranks.</summary>
    public static StoredBuilds Read(EngineContext context, string views, string name, SortedDictionary<int, View> versions)
    {
        var pointer = ServingPointer.Read(context.Disk, Path.Combine(views, name));
        var kept = new List<BuildDirectory>();
        foreach (var build in BuildDirectory.List(context.Disk, views, name, context.LogId))
            if (pointer?.Discarded.Contains(build.Name) == true || (versions.TryGetValue(build.Info.Version, out var view) && !build.Fits(view)))
                build.Delete();
            else
                kept.Add(build);
        // What served; if that is of no use, what served before it; then the newest that has code.
        var candidates = kept.Where(build => build.Name == pointer?.Serving).Concat(kept.Where(build => build.Name == pointer?.Previous))
            .Concat(kept.Where(build => versions.ContainsKey(build.Info.Version)).Reverse()).Distinct().ToList();
        return new StoredBuilds(pointer, kept, candidates, kept.Select(build => build.Number).Append(pointer?.Last ?? 0).Max());
    }
}
