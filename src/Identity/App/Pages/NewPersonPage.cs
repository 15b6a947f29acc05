using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Telemedicine.Identity.Pages;

/// <summary>A form on which somebody new gives their name.</summary>
public abstract class NewPersonPage : FormPage
{
    private const string NoControls = @"\P{C}*";

    [BindProperty]
    [Required(ErrorMessage = "Enter your first name")]
    [StringLength(100, ErrorMessage = "Your first name must be 100 characters or fewer")]
    [RegularExpression(NoControls, ErrorMessage = "Your first name has a character that cannot be shown. Type it again")]
    public string? GivenName { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter your last name")]
    [StringLength(100, ErrorMessage = "Your last name must be 100 characters or fewer")]
    [RegularExpression(NoControls, ErrorMessage = "Your last name has a character that cannot be shown. Type it again")]
    public string? FamilyName { get; set; }

    /// <summary>Where the person was going: an address on this service, in practice an authorization request.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }
}
