using Microsoft.AspNetCore.Mvc;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>What a page's script gets for a draft that it saved by itself.</summary>
/// <param name="Version">To be sent with the next save; null if nothing was saved.</param>
/// <param name="Words">For the writer to read.</param>
public sealed record AutosaveAnswer(int? Version, string Words)
{
    public static JsonResult Saved(int version, DateTimeOffset at) => new(new AutosaveAnswer(version, At(at)));

    /// <summary>What was typed is wrong, or too much: the next change is saved again.</summary>
    public static JsonResult Refused(string words) => new(new AutosaveAnswer(null, words)) { StatusCode = StatusCodes.Status400BadRequest };

    /// <summary>Nothing more is saved from this window by itself.</summary>
    public static JsonResult Stopped(string words) => new(new AutosaveAnswer(null, words)) { StatusCode = StatusCodes.Status409Conflict };

    public static string At(DateTimeOffset local) => $"Saved at {local.Clock()}.";
}
