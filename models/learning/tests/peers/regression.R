# Coefficients of lm, glm, glmnet, MASS::polr, ordinal::clm and rms::lrm on made-up rows, as a table `fit,term,value`:
#     Rscript regression.R > regression.csv
# main.rs makes the same rows: a generator of Lehmer (16807 modulo 2^31 - 1) from 1, row by row.
suppressMessages({library(glmnet); library(MASS); library(ordinal); library(rms)})
state <- 1
draw <- function() { state <<- (16807 * state) %% 2147483647; state / 2147483647 }
n <- 150; p <- 6
x <- matrix(0, n, p); y <- numeric(n); binary <- integer(n); class <- integer(n); grade <- integer(n)
for (i in 1:n) {
    u <- sapply(1:7, function(k) draw())
    x[i, ] <- c(u[1], u[1] + 0.3 * u[2], 100 * u[3], u[4] - 0.5, as.numeric(u[5] > 0.7), u[6] * u[6])
    s <- 2 * x[i, 1] - x[i, 2] + 0.03 * x[i, 3] + x[i, 4] + 1.5 * x[i, 5]
    e <- draw(); l <- log(e / (1 - e))
    y[i] <- 10 + 4 * s + 3 * (u[7] - 0.5)
    binary[i] <- as.integer(1.2 * s - 2.8 + l > 0)
    grade[i] <- sum(1.2 * s + l > c(1, 2.5, 4))
    v <- c(s, 2.5 * x[i, 4] + 2, 2.2 * x[i, 6] + 1.2) + 1.6 * c(u[7], e, draw())
    class[i] <- which.max(v) - 1
}
colnames(x) <- c("a", "b", "c", "d", "e", "f")
say <- function(fit, terms, values) cat(sprintf("%s,%s,%.12g\n", fit, terms, values), sep = "")
cat("# glmnet", as.character(packageVersion("glmnet")), "MASS", as.character(packageVersion("MASS")),
    "ordinal", as.character(packageVersion("ordinal")), "rms", as.character(packageVersion("rms")), R.version.string, "\n")
cat("fit,term,value\n")
fit <- function(family, target, alpha, lambda) {
    # One value of lambda alone is what glmnet advises against: it is the last of a path.
    path <- lambda * exp(seq(log(100), 0, length.out = 30))
    if (lambda == 0) path <- c(exp(seq(log(1), log(1e-6), length.out = 40)), 0)
    m <- glmnet(x, target, family, alpha = alpha, lambda = path, thresh = 1e-16, maxit = 1e8)
    coef(m, s = lambda, exact = FALSE)
}
for (alpha in c(1, 0.5, 0)) for (lambda in c(0.3, 0.02)) {
    name <- sprintf("%%s alpha=%g lambda=%g", alpha, lambda)
    of <- as.numeric(fit("gaussian", y, alpha, lambda)); say(sprintf(name, "linear"), c("intercept", colnames(x)), of)
    of <- as.numeric(fit("binomial", binary, alpha, lambda / 2)); say(sprintf(name, "logistic"), c("intercept", colnames(x)), of)
    of <- fit("multinomial", factor(class), alpha, lambda / 2)
    for (k in 1:3) say(sprintf(name, paste0("multinomial", k - 1)), c("intercept", colnames(x)), as.numeric(of[[k]]))
}
say("linear", c("intercept", colnames(x)), as.numeric(coef(lm(y ~ x))))
say("logistic", c("intercept", colnames(x)), as.numeric(coef(glm(binary ~ x, family = binomial, control = list(epsilon = 1e-14)))))
d <- data.frame(x, grade = factor(grade, ordered = TRUE))
m <- clm(grade ~ a + b + c + d + e + f, data = d, control = list(gradTol = 1e-12))
say("clm", c("t0", "t1", "t2", colnames(x)), as.numeric(coef(m)))
m <- polr(grade ~ a + b + c + d + e + f, data = d, control = list(reltol = 1e-16, maxit = 10000))
say("polr", c("t0", "t1", "t2", colnames(x)), c(as.numeric(m$zeta), as.numeric(coef(m))))
# rms penalises slopes times spreads that are divided by n - 1, on the sum over rows; its constants are of P(grade >= k).
m <- lrm(grade ~ a + b + c + d + e + f, data = d, penalty = 0.02 * (n - 1), eps = 1e-11, maxit = 200)
say("lrm lambda=0.02", c("t0", "t1", "t2", colnames(x)), c(-coef(m)[1:3], coef(m)[4:9]))
say("counts", c("binary1", "class0", "class1", "class2", "grade0", "grade1", "grade2", "grade3"),
    c(sum(binary), table(class), table(grade)))
