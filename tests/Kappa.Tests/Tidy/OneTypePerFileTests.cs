using System.Text.RegularExpressions;

namespace Kappa.Tests.Tidy;

/// <summary>A public type is found by its name. Only the enum that it alone carries, as a result its status, may stand in its file.</summary>
public sealed class OneTypePerFileTests
{
    private static readonly Regex _publicType = new(
        @"^public (?:(?:static|sealed|abstract|readonly|ref|partial|unsafe) )*(?:class|struct|interface|enum|record(?: struct| class)?|delegate [\w<>\[\]?., ]+?) (\w+)(<)?",
        RegexOptions.Multiline | RegexOptions.Compiled);

    [Fact]
    public void A_file_has_one_public_type_and_its_name() => SourceTree.MustBeNone(
        from file in SourceTree.Files
        where file.IsIn("src") && file.Path.EndsWith(".cs", StringComparison.Ordinal)
        let all = _publicType.Matches(file.Code)
        let types = all.Where(type => all.Count == 1 || !type.Value.Contains(" enum ", StringComparison.Ordinal)).ToArray()
        where types.Length > 1 || types.Any(type => !IsNamedAfter(file.Name, type.Groups[1].Value, type.Groups[2].Success))
        select $"{file.Path}: {string.Join(", ", types.Select(type => type.Groups[1].Value))}",
        "One public type per file, named like it; View<TState>, beside View, stands in ViewOf.cs.");

    // `Name.Part.cs` holds a part of Name.
    private static bool IsNamedAfter(string file, string type, bool generic) =>
        file == type || file.StartsWith(type + ".", StringComparison.Ordinal) || (generic && file == type + "Of");
}
