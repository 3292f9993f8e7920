using System.Globalization;
using Kappa.Tests.Tidy;

namespace Kappa.Tests.Capture;

/// <summary>Golden files are hex, 16 bytes a line, with comments behind <c>#</c>.</summary>
internal static class GoldenBytes
{
    public static void Check(string folder, string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(SourceTree.Root, "tests", "Kappa.Tests", folder, "Golden", name + ".hex");
        var lines = new List<string>();
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(16, bytes.Length)..])
            lines.Add(string.Join(' ', bytes[..Math.Min(16, bytes.Length)].ToArray().Select(one => one.ToString("x2", CultureInfo.InvariantCulture))));
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("KAPPA_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, lines);
        }
        Assert.Equal(File.ReadLines(path).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0), lines);
    }
}
