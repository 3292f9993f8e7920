using System.Globalization;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Builds;

/// <summary>
/// Where one build of a view stands: <c>&lt;views&gt;/&lt;name&gt;/v&lt;version&gt;-&lt;build&gt;/</c>, with <c>build.json</c> and one directory per
/// shard. A build is derived from the log; one that cannot be used any more is deleted and folded anew under the next number.
/// </summary>
internal sealed class BuildDirectory
{
    private const string FileName = "build.json";

    private readonly IDisk _disk;

    private BuildDirectory(IDisk disk, string path, BuildInfo info) => (_disk, Path, Info) = (disk, path, info);

    public string Path { get; }
    public BuildInfo Info { get; private set; }

    /// <summary>Its name among the builds of its view.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Its name among all builds.</summary>
    public string Id => $"{Info.View}-{Name}";

    public int Number => NumberOf(Name, Info.Version);

    public string Shard(int number) => System.IO.Path.Combine(Path, $"shard-{number:00}");

    /// <summary>The builds of a view, in the order of version and number. What is no build of this log and format is deleted.</summary>
    public static List<BuildDirectory> List(IDisk disk, string views, string view, long logId)
    {
        var parent = System.IO.Path.Combine(views, view);
        disk.CreateDirectory(parent);
        var found = new List<BuildDirectory>();
        foreach (var path in disk.Directories(parent).Select(name => System.IO.Path.Combine(parent, name)))
            if (DerivedJson.Read(disk, System.IO.Path.Combine(path, FileName), BuildJson.Default.BuildInfo) is { Format: BuildInfo.FormatNow } info
                && info.LogId == logId && info.View == view)
                found.Add(new BuildDirectory(disk, path, info));
            else
                disk.DeleteDirectory(path);
        return [.. found.OrderBy(build => build.Info.Version).ThenBy(build => build.Number)];
    }

    /// <summary>Makes an empty build of a view with the next number.</summary>
    /// <param name="last">The highest number that was ever given; no number is given twice, lest one build be taken for another.</param>
    public static BuildDirectory Create(IDisk disk, string views, View view, long logId, int shards, int last, TimeProvider time)
    {
        var parent = System.IO.Path.Combine(views, view.Name);
        return Create(disk, Next(disk, parent, view.Version, last), new BuildInfo(BuildInfo.FormatNow, view.Name, view.Version, logId, shards, time.GetUtcNow().Ticks,
            BootId.Current, [.. view.Lookups.Select(lookup => lookup.Name)], [.. view.Lookups.Where(lookup => lookup.Prefix).Select(lookup => lookup.Name)],
            [.. view.Ranks.Select(rank => rank.Name)], Paused: false));
    }

    /// <summary>False if its records hold values for other lookups and ranks than the view has now.</summary>
    public bool Fits(View view) =>
        Info.Lookups.AsSpan().SequenceEqual(view.Lookups.Select(lookup => lookup.Name).ToArray())
        && Info.Ranks.AsSpan().SequenceEqual(view.Ranks.Select(rank => rank.Name).ToArray());

    /// <summary>Deletes this build and makes an empty one with the next number and a new generation.</summary>
    public BuildDirectory Anew(TimeProvider time)
    {
        var next = Create(_disk, Next(_disk, System.IO.Path.GetDirectoryName(Path)!, Info.Version, Number),
            Info with { Generation = Math.Max(time.GetUtcNow().Ticks, Info.Generation + 1), Boot = BootId.Current });
        Delete();
        return next;
    }

    /// <summary>
    /// After a loss of power the last commits may be gone although watchers saw them, and folding them again may meet
    /// events of several partitions in another order: so with each boot of the machine a new generation begins.
    /// </summary>
    public void Booted(TimeProvider time)
    {
        if (Info.Boot == BootId.Current)
            return;
        var info = Info with { Generation = Math.Max(time.GetUtcNow().Ticks, Info.Generation + 1), Boot = BootId.Current };
        try
        {
            Change(info);
        }
        catch (DiskFullException)
        {
            Info = info;
            // The new generation counts from now on all the same; the next start finds the old boot on disk and takes another.
        }
    }

    public void SetGeneration(long generation) => Change(Info with { Generation = generation });

    public void SetPaused(bool paused) => Change(Info with { Paused = paused });

    public void Delete() => _disk.DeleteDirectory(Path);

    private void Change(BuildInfo info)
    {
        DerivedJson.Write(_disk, System.IO.Path.Combine(Path, FileName), info, BuildJson.Default.BuildInfo);
        Info = info;
    }

    private static BuildDirectory Create(IDisk disk, string path, BuildInfo info)
    {
        disk.DeleteDirectory(path);
        disk.CreateDirectory(path);
        var created = new BuildDirectory(disk, path, info);
        created.Change(info);
        disk.FlushDirectory(System.IO.Path.GetDirectoryName(path)!);
        return created;
    }

    private static string Next(IDisk disk, string parent, int version, int last)
    {
        disk.CreateDirectory(parent);
        var number = 1 + disk.Directories(parent).Select(name => NumberOf(name, version)).Append(last).Max();
        return System.IO.Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"v{version}-{number:0000}"));
    }

    private static int NumberOf(string name, int version)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"v{version}-");
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
