using System.Globalization;
using System.Text.Json;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine;

/// <summary>
/// Where the builds of a view stand: <c>&lt;views&gt;/&lt;name&gt;/v&lt;version&gt;-&lt;build&gt;/</c>, with <c>build.json</c> and one
/// directory per shard. A build is derived from the log; one that cannot be used any more is deleted and folded anew
/// under the next number.
/// </summary>
internal sealed class BuildDirectory
{
    private readonly IDisk _disk;

    private BuildDirectory(IDisk disk, string path, BuildInfo info) => (_disk, Path, Info) = (disk, path, info);

    public string Path { get; }
    public BuildInfo Info { get; }

    public string Shard(int number) => System.IO.Path.Combine(Path, $"shard-{number:00}");

    /// <summary>Opens the newest build of a view's version, or makes the first one.</summary>
    public static BuildDirectory Open(IDisk disk, string views, View view, long logId, int shards, TimeProvider time)
    {
        var (version, indexes) = (view.Version, string.Join(' ', [.. view.Lookups.Select(lookup => lookup.Name), "|", .. view.Ranks.Select(rank => rank.Name)]));
        var parent = System.IO.Path.Combine(views, view.Name);
        disk.CreateDirectory(parent);
        var number = NewestBuild(disk, parent, version);
        if (number > 0 && Read(disk, PathOf(parent, version, number)) is { } found)
        {
            var fits = new BuildInfo(BuildInfo.FormatNow, view.Name, version, logId, found.Info.Shards, found.Info.Generation, found.Info.Boot, indexes);
            if (found.Info == fits)
                return found.SameBoot(time);
            // Of another log, of a format of another time, or with other lookups and ranks: of no use here.
            disk.DeleteDirectory(found.Path);
        }
        return Create(disk, PathOf(parent, version, number + 1), new BuildInfo(BuildInfo.FormatNow, view.Name, version, logId, shards, time.GetUtcNow().Ticks, BootId.Current, indexes));
    }

    /// <summary>Deletes this build and makes an empty one with the next number and a new generation.</summary>
    public BuildDirectory Anew(TimeProvider time)
    {
        var parent = System.IO.Path.GetDirectoryName(Path)!;
        var number = NewestBuild(_disk, parent, Info.Version);
        var next = Create(_disk, PathOf(parent, Info.Version, number + 1),
            Info with { Generation = Math.Max(time.GetUtcNow().Ticks, Info.Generation + 1), Boot = BootId.Current });
        _disk.DeleteDirectory(Path);
        return next;
    }

    /// <summary>
    /// After a loss of power the last commits may be gone although watchers saw them, and folding them again may meet
    /// events of several partitions in another order: so with each boot of the machine a new generation begins.
    /// </summary>
    private BuildDirectory SameBoot(TimeProvider time)
    {
        if (Info.Boot == BootId.Current)
            return this;
        var info = Info with { Generation = Math.Max(time.GetUtcNow().Ticks, Info.Generation + 1), Boot = BootId.Current };
        try
        {
            Write(_disk, Path, info);
        }
        catch (DiskFullException)
        {
            // The new generation counts from now on all the same; the next start finds the old boot on disk and takes another.
        }
        return new BuildDirectory(_disk, Path, info);
    }

    private static BuildDirectory Create(IDisk disk, string path, BuildInfo info)
    {
        disk.DeleteDirectory(path);
        disk.CreateDirectory(path);
        Write(disk, path, info);
        disk.FlushDirectory(System.IO.Path.GetDirectoryName(path)!);
        return new BuildDirectory(disk, path, info);
    }

    private static string PathOf(string parent, int version, int number) =>
        System.IO.Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"v{version}-{number:0000}"));

    private static int NewestBuild(IDisk disk, string parent, int version)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"v{version}-");
        return disk.Directories(parent).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .DefaultIfEmpty(0).Max();
    }

    private static BuildDirectory? Read(IDisk disk, string path)
    {
        var file = System.IO.Path.Combine(path, "build.json");
        if (!disk.Exists(file))
            return null;
        using var opened = disk.Open(file);
        var bytes = new byte[opened.Length];
        opened.Read(0, bytes);
        try
        {
            return JsonSerializer.Deserialize(bytes, BuildJson.Default.BuildInfo) is { } info ? new BuildDirectory(disk, path, info) : null;
        }
        catch (JsonException)
        {
            // Torn while it was first written: the build is empty still, or it is folded again.
            return null;
        }
    }

    private static void Write(IDisk disk, string path, BuildInfo info)
    {
        var (file, temporary) = (System.IO.Path.Combine(path, "build.json"), System.IO.Path.Combine(path, "build.tmp"));
        using (var opened = disk.Open(temporary))
        {
            opened.SetLength(0);
            opened.Write(0, JsonSerializer.SerializeToUtf8Bytes(info, BuildJson.Default.BuildInfo));
            opened.Flush();
        }
        disk.Rename(temporary, file);
        disk.FlushDirectory(path);
    }
}
