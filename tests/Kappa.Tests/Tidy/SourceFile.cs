using System.Text;

namespace Kappa.Tests.Tidy;

/// <summary>One file of the source tree, its path relative to the root with forward slashes.</summary>
internal sealed class SourceFile(string path, string text)
{
    private string? _code;

    public string Path { get; } = path;
    public string Text { get; } = text;
    public string[] Lines { get; } = text.TrimEnd('\n').Split('\n');

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);
    public bool IsIn(params string[] folders) => folders.Any(folder => Path.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary>The text with comments and the insides of string and character literals blanked; lines stay where they are.</summary>
    public string Code => _code ??= Blank(Text);

    public int LineAt(int index) => Text.AsSpan(0, index).Count('\n') + 1;

    // Good enough for C#. Interpolated strings stay as they are, because their holes are code.
    private static string Blank(string text)
    {
        var code = new StringBuilder(text);
        for (var i = 0; i < text.Length;)
        {
            var end = text[i] switch
            {
                '/' when At("//") => Until("\n", i),
                '/' when At("/*") => After("*/", i + 2),
                '"' when At("\"\"\"") => RawEnd(i),
                '"' => Quoted(i, verbatim: i > 0 && (text[i - 1] == '@' || (text[i - 1] == '$' && i > 1 && text[i - 2] == '@'))),
                '\'' => Quoted(i, verbatim: false),
                _ => i,
            };
            var isInterpolated = text[i] == '"' && i > 0 && (text[i - 1] == '$' || (text[i - 1] == '@' && i > 1 && text[i - 2] == '$'));
            for (var blank = isInterpolated ? end : i; blank < end; blank++)
                if (text[blank] != '\n')
                    code[blank] = ' ';
            i = Math.Max(end, i + 1);

            bool At(string what) => string.CompareOrdinal(text, i, what, 0, what.Length) == 0;
        }
        return code.ToString();

        int Until(string what, int from) => text.IndexOf(what, from, StringComparison.Ordinal) is var at and >= 0 ? at : text.Length;
        int After(string what, int from) => Math.Min(Until(what, from) + what.Length, text.Length);

        int RawEnd(int from)
        {
            var quotes = text.AsSpan(from).IndexOfAnyExcept('"');
            return quotes < 0 ? text.Length : After(new string('"', quotes), from + quotes);
        }

        int Quoted(int from, bool verbatim)
        {
            var quote = text[from];
            for (var i = from + 1; i < text.Length; i++)
                if (!verbatim && text[i] == '\\')
                    i++;
                else if (text[i] == quote && verbatim && i + 1 < text.Length && text[i + 1] == quote)
                    i++;
                else if (text[i] == quote || (text[i] == '\n' && !verbatim))
                    return i + 1;
            return text.Length;
        }
    }
}
