using System.IO.Compression;
using System.Text;

namespace Kappa.Tests;

/// <summary>The real files beside the repository; tests that need them return early where they are missing.</summary>
internal static class SharedData
{
    public static string? Find(string folder)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "OrleansKappa.sln")))
            {
                var path = Path.Combine(at.Parent!.FullName, "shared", "data", folder);
                return Directory.Exists(path) ? path : null;
            }
        return null;
    }

    public static StreamReader OpenGzip(string path) => new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
}
