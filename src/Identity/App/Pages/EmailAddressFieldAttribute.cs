using System.ComponentModel.DataAnnotations;
using Telemedicine.Identity.Emails;
using Telemedicine.Mail;

namespace Telemedicine.Identity.Pages;

/// <summary>One bare email address; spaces around it are nobody's fault. An empty one is RequiredAttribute's.</summary>
public sealed class EmailAddressFieldAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var text = (value as string)?.Trim();
        if (string.IsNullOrEmpty(text))
            return ValidationResult.Success;
        if (text.Length > QueuedEmail.AddressLength)
            return Problem($"The email address must be {QueuedEmail.AddressLength} characters or fewer", validationContext);
        return Smtp.IsAddress(text) ? ValidationResult.Success : Problem("Enter an email address in the correct format, like name@example.com", validationContext);
    }

    private static ValidationResult Problem(string message, ValidationContext context) => new(message, context.MemberName is { } name ? [name] : null);
}
