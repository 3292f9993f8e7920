namespace Kappa.Views;

/// <summary>The distinct keys that one event goes to: one without allocation, more in a list.</summary>
public struct RoutedKeys
{
    private string? _first;
    private List<string>? _more;

    public readonly int Count => _first is null ? 0 : 1 + (_more?.Count ?? 0);

    public readonly string this[int index] => index == 0 ? _first! : _more![index - 1];

    /// <summary>Adds a key; null and one that is there already change nothing.</summary>
    public void Add(string? key)
    {
        if (key is null || key == _first)
            return;
        if (_first is null)
            _first = key;
        else if (_more is null)
            _more = [key];
        else if (!_more.Contains(key))
            _more.Add(key);
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear()
    {
        _first = null;
        _more = null;
    }
}
