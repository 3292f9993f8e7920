using System.Globalization;

namespace Kappa.Tests.Tidy;

/// <summary>
/// Files have 40 to 150 lines. Larger ones stand in <c>file-sizes.txt</c> with the size they may have, which only goes
/// down: a file that shrank must give back its allowance. <c>KAPPA_ACCEPT=1</c> writes the list anew.
/// </summary>
public sealed class FileSizeTests
{
    private const int LinesUsual = 150, LinesMax = 300, SlackMax = 10;

    private static readonly string _list = Path.Combine(SourceTree.Root, "tests", "Kappa.Tests", "Tidy", "file-sizes.txt");

    [Fact]
    public void No_file_has_more_than_300_lines() => SourceTree.MustBeNone(
        from file in SourceTree.Files
        where file.Lines.Length > LinesMax
        select $"{file.Path}: {file.Lines.Length}",
        $"A file of more than {LinesMax} lines does more than one thing.");

    [Fact]
    public void Large_files_do_not_grow()
    {
        var large = SourceTree.Files.Where(f => f.Lines.Length > LinesUsual).ToDictionary(f => f.Path, f => f.Lines.Length);
        if (SourceTree.Accepts)
            File.WriteAllLines(_list, large.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Value} {f.Key}"));

        var allowed = File.ReadAllLines(_list).Select(line => line.Split(' ', 2))
            .ToDictionary(part => part[1], part => int.Parse(part[0], CultureInfo.InvariantCulture));
        var problems = from path in large.Keys.Union(allowed.Keys)
                       let lines = large.GetValueOrDefault(path)
                       let allowance = allowed.GetValueOrDefault(path)
                       let problem =
                           allowance == 0 ? $"has {lines} lines, the usual limit is {LinesUsual}; split it"
                           : lines == 0 ? "is small now or gone; take it off the list"
                           : lines > allowance ? $"grew to {lines} lines, {allowance} are allowed; split it"
                           : allowance > lines + SlackMax ? $"shrank to {lines} lines; lower its allowance of {allowance}"
                           : null
                       where problem is not null
                       select $"{path} {problem}";
        SourceTree.MustBeNone(problems, "Sizes of files only go down (KAPPA_ACCEPT=1 writes file-sizes.txt anew, where there is a good reason).");
    }
}
