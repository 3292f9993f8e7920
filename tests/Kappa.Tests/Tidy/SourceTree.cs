using System.Text.RegularExpressions;

namespace Kappa.Tests.Tidy;

/// <summary>The checkout that these tests were built from, as text.</summary>
internal static class SourceTree
{
    private static readonly string[] _folders = ["src", "tests", "benchmarks", "infra"];
    private static readonly string[] _left = ["/bin/", "/obj/", "/node_modules/", "/results/", "/TestResults/"];

    public static string Root { get; } = FindRoot();

    /// <summary>Set <c>KAPPA_ACCEPT=1</c> to write the lists that tests compare with instead of comparing.</summary>
    public static bool Accepts => Environment.GetEnvironmentVariable("KAPPA_ACCEPT") == "1";

    /// <summary>All files of C# and Razor.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = Read("*.cs").Concat(Read("*.razor")).ToArray();

    public static IReadOnlyList<SourceFile> Projects { get; } = Read("*.csproj").ToArray();

    /// <summary>The infrastructure's main file and modules.</summary>
    public static IReadOnlyList<SourceFile> Bicep { get; } = Read("*.bicep").ToArray();

    /// <summary>The infrastructure's values for each stage.</summary>
    public static IReadOnlyList<SourceFile> BicepParameters { get; } = Read("*.bicepparam").ToArray();

    /// <summary>Each place where a pattern stands in the code (not in comments or strings), as <c>path:line: text</c>.</summary>
    public static string[] InCode(IEnumerable<SourceFile> files, string pattern) =>
        (from file in files
         from match in Regex.Matches(file.Code, pattern)
         select Place(file, match.Index)).ToArray();

    /// <summary>Each place where a pattern stands anywhere in the text.</summary>
    public static string[] InText(IEnumerable<SourceFile> files, string pattern) =>
        (from file in files
         from match in Regex.Matches(file.Text, pattern)
         select Place(file, match.Index)).ToArray();

    /// <summary>Fails, naming the rule and each place, unless there is none.</summary>
    public static void MustBeNone(IEnumerable<string> places, string rule)
    {
        var found = places.ToArray();
        Assert.True(found.Length == 0, $"{rule}\n  {string.Join("\n  ", found)}");
    }

    private static string Place(SourceFile file, int index)
    {
        var line = file.LineAt(index);
        return $"{file.Path}:{line}: {file.Lines[Math.Min(line, file.Lines.Length) - 1].Trim()}";
    }

    private static IEnumerable<SourceFile> Read(string pattern) =>
        from folder in _folders
        let path = Path.Combine(Root, folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !_left.Any(relative.Contains)
        orderby relative
        select new SourceFile(relative, File.ReadAllText(file).Replace("\r\n", "\n", StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansKappa.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No OrleansKappa.sln above {AppContext.BaseDirectory}; the tidy tests read the source tree.");
    }
}
