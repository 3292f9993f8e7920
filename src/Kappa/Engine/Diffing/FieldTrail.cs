using System.Globalization;
using System.Text;

namespace Kappa.Engine.Diffing;

/// <summary>The way from the top of a state to the value at hand: names and places. It becomes text only when it is asked for.</summary>
internal sealed class FieldTrail
{
    private Step[] _steps = new Step[4];
    private int _length, _places;

    public bool HasPlaces => _places > 0;

    /// <summary>A property; <paramref name="text"/> if the name had to be decoded.</summary>
    public void Push(ReadOnlyMemory<byte> name, string? text) => Push(new Step(name, text, -1));

    /// <summary>A place in an array.</summary>
    public void Push(int place) => Push(new Step(default, null, place));

    public void Pop()
    {
        if (_steps[--_length].Place >= 0)
            _places--;
    }

    /// <summary>The trail as a JSON Pointer.</summary>
    public string Path() => Write(places: true);

    /// <summary>The same, with <c>*</c> for the places in arrays.</summary>
    public string Field() => Write(places: false);

    private void Push(Step step)
    {
        if (_length == _steps.Length)
            Array.Resize(ref _steps, _length * 2);
        _steps[_length++] = step;
        if (step.Place >= 0)
            _places++;
    }

    private string Write(bool places)
    {
        var path = new StringBuilder();
        for (var i = 0; i < _length; i++)
        {
            path.Append('/');
            if (_steps[i].Place < 0)
                path.Append(Name(_steps[i]));
            else if (places)
                path.Append(CultureInfo.InvariantCulture, $"{_steps[i].Place}");
            else
                path.Append(FieldPath.AnyPlace);
        }

        return path.ToString();
    }

    private static string Name(in Step step) => FieldPath.Escape(step.Text ?? Encoding.UTF8.GetString(step.Name.Span));

    private readonly record struct Step(ReadOnlyMemory<byte> Name, string? Text, int Place);
}
