namespace Kappa.Web.Dashboard;

/// <summary>The lines of two states side by side: which stayed, which went, which came.</summary>
internal static class StateLines
{
    /// <summary>Beyond this many lines on either side the differing middle is taken as changed as a whole.</summary>
    private const int ComparedMax = 400;

    /// <summary>The lines of the new state; those that the old one had as well keep the version in which they changed.</summary>
    public static IReadOnlyList<StateLine> Follow(IReadOnlyList<StateLine> old, IReadOnlyList<string> lines, long version)
    {
        var kept = new Queue<StateLine>(old);
        var result = new List<StateLine>(lines.Count);
        foreach (var (text, change) in Compare([.. old.Select(line => line.Text)], lines))
            switch (change)
            {
                case '+':
                    result.Add(new StateLine(text, version));
                    break;
                case '-':
                    kept.Dequeue();
                    break;
                default:
                    result.Add(kept.Dequeue());
                    break;
            }
        return result;
    }

    /// <summary>Old and new lines in one list: ' ' in both, '-' only in the old, '+' only in the new.</summary>
    public static IReadOnlyList<(string Text, char Change)> Compare(IReadOnlyList<string> old, IReadOnlyList<string> lines)
    {
        var head = 0;
        while (head < old.Count && head < lines.Count && old[head] == lines[head])
            head++;
        var tail = 0;
        while (tail < old.Count - head && tail < lines.Count - head && old[^(tail + 1)] == lines[^(tail + 1)])
            tail++;
        var result = new List<(string, char)>();
        for (var i = 0; i < head; i++)
            result.Add((lines[i], ' '));
        CompareMiddle([.. old.Skip(head).Take(old.Count - head - tail)], [.. lines.Skip(head).Take(lines.Count - head - tail)], result);
        for (var i = lines.Count - tail; i < lines.Count; i++)
            result.Add((lines[i], ' '));
        return result;
    }

    /// <summary>The longest common subsequence, by the usual table.</summary>
    private static void CompareMiddle(string[] old, string[] lines, List<(string, char)> result)
    {
        var comparable = old.Length <= ComparedMax && lines.Length <= ComparedMax;
        var common = new int[comparable ? old.Length + 1 : 1, comparable ? lines.Length + 1 : 1];
        if (comparable)
            for (var i = old.Length - 1; i >= 0; i--)
                for (var j = lines.Length - 1; j >= 0; j--)
                    common[i, j] = old[i] == lines[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var (a, b) = (0, 0);
        while (a < old.Length || b < lines.Length)
            if (comparable && a < old.Length && b < lines.Length && old[a] == lines[b])
            {
                result.Add((lines[b++], ' '));
                a++;
            }
            else if (a < old.Length && (b == lines.Length || !comparable || common[a + 1, b] >= common[a, b + 1]))
                result.Add((old[a++], '-'));
            else
                result.Add((lines[b++], '+'));
    }
}
