using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Kappa.Web.Hosting;

/// <summary>Reads settings into options, and collects every key that is unknown and every value that does not fit, by name.</summary>
internal static class SettingsReader
{
    /// <exception cref="SetupException">Something is wrong; the message lists all of it.</exception>
    public static TOptions Read<TOptions>(IConfiguration configuration) where TOptions : KappaOptions, new()
    {
        var options = new TOptions();
        var problems = new List<string>();
        Fill(options, configuration.GetSection(KappaOptions.Section), problems);
        if (problems.Count == 0)
            problems.AddRange(options.Validate());
        return problems.Count == 0
            ? options
            : throw new SetupException("These settings are wrong:" + string.Concat(problems.Select(problem => Environment.NewLine + "  " + problem)));
    }

    private static void Fill(object options, IConfigurationSection section, List<string> problems)
    {
        var known = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToArray();
        foreach (var child in section.GetChildren())
        {
            var property = Array.Find(known, property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
                problems.Add($"{child.Path} is not a setting; below {section.Path} there are {string.Join(", ", known.Select(property => property.Name))}.");
            else if (property.PropertyType == typeof(string[]))
                property.SetValue(options, Texts(child));
            else if (property.PropertyType.IsClass && property.PropertyType != typeof(string))
                FillGroup(property.GetValue(options)!, child, problems);
            else
                FillValue(options, property, child, problems);
        }
    }

    private static void FillGroup(object options, IConfigurationSection section, List<string> problems)
    {
        if (section.Value is { Length: > 0 } text)
            problems.Add($"{section.Path} is '{text}', but it is a group of settings, not one.");
        Fill(options, section, problems);
    }

    private static void FillValue(object options, PropertyInfo property, IConfigurationSection setting, List<string> problems)
    {
        if (setting.GetChildren().Any())
            problems.Add($"{setting.Path} is one value; it has nothing below it.");
        else if (setting.Value is { } text)
            try
            {
                property.SetValue(options, TypeDescriptor.GetConverter(property.PropertyType).ConvertFromString(null, CultureInfo.InvariantCulture, text));
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException)
            {
                problems.Add($"{setting.Path} is '{text}', but must be {Expected(property.PropertyType)}.");
            }
    }

    /// <summary>Either <c>Origins:0</c>, <c>Origins:1</c>, or one text with commas, which is handier on a command line.</summary>
    private static string[] Texts(IConfigurationSection setting) => setting.Value is { } text
        ? text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [.. setting.GetChildren().Select(child => child.Value ?? "")];

    private static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? string.Join(" or ", Enum.GetNames(type)) : type == typeof(bool) ? "true or false"
            : type == typeof(TimeSpan) ? "a time as d.hh:mm:ss" : "a whole number";
    }
}
