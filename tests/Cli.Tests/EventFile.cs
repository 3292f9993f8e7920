using System.IO.Compression;
using System.Text;

namespace Kappa.Tests;

/// <summary>Files of small CloudEvents to import.</summary>
internal static class EventFile
{
    public static string Write(DirectoryInfo directory, string name, IEnumerable<string> lines, bool gzip = false)
    {
        var path = Path.Combine(directory.FullName, name);
        using Stream file = File.Create(path);
        using var content = gzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        content.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return path;
    }

    /// <summary>Events of 7 keys, numbered in their order, one a line.</summary>
    public static IEnumerable<string> Events(int count) => Enumerable.Range(1, count).Select(number =>
        $$$"""{"specversion":"1.0","id":"{{{number}}}","source":"/s","type":"t","subject":"key/{{{number % 7}}}","data":{"n":{{{number}}}}}""");
}
