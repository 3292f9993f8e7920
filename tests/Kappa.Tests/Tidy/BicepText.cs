using System.Text.RegularExpressions;

namespace Kappa.Tests.Tidy;

/// <summary>What the infrastructure says, read from its text: enough structure for rules, with no compiler at hand.</summary>
internal static partial class BicepText
{
    public static SourceFile Main => SourceTree.Bicep.Single(file => file.Name == "main");

    public static SourceFile Module(string name) => SourceTree.Bicep.Single(file => file.Path.EndsWith($"/modules/{name}.bicep", StringComparison.Ordinal));

    /// <summary>All resources: where they are declared, their type without version, and their text with what is nested.</summary>
    public static IEnumerable<(SourceFile File, string Type, string Text)> Resources =>
        from file in SourceTree.Bicep
        from Match start in ResourceStart().Matches(file.Text)
        where !start.Value.Contains(" existing ", StringComparison.Ordinal)
        select (file, start.Groups["type"].Value, Block(file.Text, start.Index + start.Length - 1));

    /// <summary>The block of a module call in main.bicep.</summary>
    public static string Call(string module)
    {
        var start = Regex.Match(Main.Text, $@"'modules/{module}\.bicep' = [^{{]*\{{");
        Assert.True(start.Success, $"main.bicep calls no module {module}.");
        return Block(Main.Text, start.Index + start.Length - 1);
    }

    /// <summary>The names at the start of lines in <c>var settings = { … }</c> and those like it: the app's environment.</summary>
    public static string[] Settings(string module) =>
        (from Match match in Regex.Matches(Module(module).Text, @"^\s+(?:\? \{ )?(?<name>Kappa__\w+|[A-Z]+_[A-Z_]+|Azure__\w+):", RegexOptions.Multiline)
         select match.Groups["name"].Value).ToArray();

    public static string[] DeclaredParameters(bool withoutDefault) =>
        (from Match match in Regex.Matches(Main.Text, @"^param (?<name>\w+) (?<rest>.*)$", RegexOptions.Multiline)
         where !withoutDefault || !match.Groups["rest"].Value.Contains('=')
         select match.Groups["name"].Value).ToArray();

    public static string[] AssignedParameters(SourceFile file) =>
        (from Match match in Regex.Matches(file.Text, @"^param (?<name>\w+) =", RegexOptions.Multiline) select match.Groups["name"].Value).ToArray();

    // Brackets in strings come in pairs here ('{Namespace}/{EventHub}', '${name}'), so counting them is enough.
    private static string Block(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
            if (text[i] is '{' or '[')
                depth++;
            else if (text[i] is '}' or ']' && --depth == 0)
                return text[open..(i + 1)];
        throw new InvalidOperationException($"A block is never closed: {text[open..Math.Min(text.Length, open + 60)]}");
    }

    [GeneratedRegex(@"^\s*resource \w+ '(?<type>Microsoft\.[\w./]+)@[\w-]+' (?:existing )?= (?:if \([^\n]*\) )?[{\[]", RegexOptions.Multiline)]
    private static partial Regex ResourceStart();
}
